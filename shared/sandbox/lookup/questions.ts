import type { Ip } from '../../base/ip.ts';
import { answerAt } from '../../model/dns.ts';
import { printSrv, srvProtocol, srvRecords } from '../../model/dns-srv.ts';
import { indexCluster } from '../../model/index-cluster.ts';
import { preferFamily } from '../../model/prefer-family.ts';
import { addressTypes, ofFamily, type Nameserver, type ResolvConf } from '../../model/resolv-conf.ts';
import type { Party } from '../../model/resolve-from.ts';
import type { Leg, LookupQuestion, Trace } from '../../trace/types.ts';
import type { World } from '../world.ts';

interface Said { readonly found: boolean; readonly answer: string; readonly records: readonly LookupQuestion[] }

/** What a client asks about each name, and what a server says: addresses, or the SRV records of `_port._protocol.NAME`. */
export interface Question {
  readonly timeout: number;
  readonly answer: (name: string, knows: Nameserver['knows']) => { readonly found: boolean; readonly answer: Said };
  /** The leg of one name; text as answer where none came. */
  readonly legOf: (name: string, trace: Trace, answer: Said | string, server: Ip) => Leg;
}

/** A and AAAA are asked over one socket (glibc `__libc_res_nquery` sends both at once); SRV is one question. */
export function questionsOf(world: World, from: Party, conf: ResolvConf, typed: string, timeout: number): Question {
  const index = indexCluster(world.cluster);
  const srv = srvProtocol(typed) !== null;
  const types = srv ? (['SRV'] as const) : addressTypes(conf);
  const all = (answer: string): Said => ({ found: false, answer, records: types.map((type) => ({ type, answer })) });
  const say = (name: string, knows: Nameserver['knows']): Said => {
    if (srv) {
      const records = knows === 'cluster' ? srvRecords(index, name, from.ips) : '';
      return typeof records === 'string' ? all('NXDOMAIN') : { found: true, answer: records.length === 1 ? printSrv(records[0]!) : `${records.length} records`, records: records.map((record) => ({ type: 'SRV', answer: printSrv(record) })) };
    }
    const found = answerAt(index, knows, name);
    if (typeof found === 'string') return all('NXDOMAIN');
    const aliases = found.cnames.length === 0 ? [] : [...found.cnames.slice(1), found.fqdn];
    const records = addressTypes(conf).map((type): LookupQuestion => ({ type, answer: [...aliases.map((alias) => `CNAME ${alias}`), ...(ofFamily(found.ips, type).length > 0 ? ofFamily(found.ips, type) : ['no such record'])].join(', ') }));
    return { found: true, answer: [...aliases.slice(0, -1), ...preferFamily(found.ips, from.ips)].join(', '), records };
  };
  const several = conf.nameservers.length > 1;
  return {
    timeout,
    answer: (name, knows) => {
      const answer = say(name, knows);
      return { found: answer.found, answer };
    },
    legOf: (name, trace, answer, server) => {
      const said = typeof answer === 'string' ? all(answer) : answer;
      return { kind: 'lookup', what: `${types[0]} ${name}`, trace, answer: said.answer, queries: types.length, questions: said.records, ...(several ? { server } : {}) };
    },
  };
}
