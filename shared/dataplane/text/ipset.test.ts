import { expect, test } from 'vitest';
import { joinLines } from './print-iptables-save.ts';
import { readIpset } from './parse-ipset.ts';
import { printIpset } from './print-ipset.ts';

// As ipset 7.17 saved it; the seeds of its hashes are random and are left out on the way back.
const saved = `create A hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xf50965f3
add A 10.0.0.1
create B hash:ip,port family inet hashsize 1024 maxelem 65536 timeout 300 comment bucketsize 12 initval 0x9ce8ff96
add B 10.0.0.1,udp:53
add B 10.0.0.1,tcp:80-90 comment "hello there"
create C hash:ip,port,ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xee8101b5
add C 10.0.0.1,tcp:80,10.0.0.1
create D bitmap:port range 0-65535
add D 30080
create E hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x71b28af9
add E 10.0.0.0/8
add E 10.1.0.0/16 nomatch
create F hash:net family inet6 hashsize 1024 maxelem 65536 bucketsize 12 initval 0xf9d6dd86
add F fd00::/64
create G list:set size 8
add G A
`;

test('ipset save is read and printed back without its random seeds', () => {
  const { sets, problems } = readIpset(saved, 'sets.txt');
  expect(problems).toEqual([]);
  expect(joinLines(printIpset({ ipsets: sets }))).toBe(saved.replace(/ bucketsize \d+ initval 0x[0-9a-f]+/g, ''));
});

test('A key holds protocol and port apart, as the engine reads them off a packet', () => {
  expect(readIpset(saved, 'sets.txt').sets.slice(1, 5).map((set) => set.elements.map((e) => e.key))).toEqual([
    [['10.0.0.1', 'udp', 53], ['10.0.0.1', 'tcp', { from: 80, to: 90 }]], [['10.0.0.1', 'tcp', 80, '10.0.0.1']], [[30080]], [['10.0.0.0/8'], ['10.1.0.0/16']],
  ]);
});

test('A line that ipset restore would refuse is a problem at its place', () => {
  const { problems } = readIpset('create A hash:ip\nadd B 10.0.0.1\ncreate A hash:ip\n', 'sets.txt');
  expect(problems.map((p) => [p.what, p.at?.line])).toEqual([['not a line of ipset save: add B 10.0.0.1', 2], ['not a line of ipset save: create A hash:ip', 3]]);
});
