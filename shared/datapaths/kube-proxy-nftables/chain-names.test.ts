import { expect, test } from 'vitest';
import { ip } from '../../base/ip.ts';
import { portsOfService } from '../../model/service-ports.ts';
import { service } from '../testing/proxy-cases.ts';
import { affinitySetName, chainNames, endpointChainName } from './chain-names.ts';

const svc1 = portsOfService(service('ns1/svc1', '172.30.0.41'), 4)[0]!;

test('NAM2 Service chains carry eight characters of their own name\'s hash: nftables/proxier_test.go', () => {
  expect(chainNames(svc1)).toEqual({
    cluster: 'service-ULMVA6XW-ns1/svc1/tcp/p80', local: 'local-ULMVA6XW-ns1/svc1/tcp/p80', external: 'external-ULMVA6XW-ns1/svc1/tcp/p80', firewall: 'firewall-ULMVA6XW-ns1/svc1/tcp/p80',
  });
});

test('NAM2 endpoint names add the address and port: nftables/proxier_test.go', () => {
  const chain = endpointChainName(svc1, { ip: ip('10.180.0.1'), port: 80, key: '10.180.0.1:80', pod: null });
  expect([chain, affinitySetName(chain)]).toEqual(['endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80', 'affinity-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80']);
});

test('NAM3 an IPv6 endpoint\'s colons become dots, which chain names may hold', () => {
  expect(endpointChainName(svc1, { ip: ip('fd00::1'), port: 80, key: '[fd00::1]:80', pod: null })).toMatch(/^endpoint-[A-Z2-7]{8}-ns1\/svc1\/tcp\/p80__fd00\.\.1\/80$/);
});

test('NAM3 a name is cut so that prefix and name fit into 256 characters', () => {
  const long = portsOfService(service(`${'n'.repeat(63)}/${'s'.repeat(63)}`, '172.30.0.41', { ports: [{ name: 'p'.repeat(120), protocol: 'sctp', port: 80, targetPort: 80, nodePort: 0, appProtocol: '' }] }), 4)[0]!;
  expect(chainNames(long).cluster).toMatch(/^service-.{237}\.\.\.$/);
});
