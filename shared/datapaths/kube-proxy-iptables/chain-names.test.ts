import { expect, test } from 'vitest';
import { chainNames, endpointChainName } from './chain-names.ts';

test('NAM1 Service chains end in 16 characters of base32(sha256(name + protocol)): proxier_test.go', () => {
  expect(chainNames('ns1/svc1:p80', 'tcp')).toEqual({
    svc: 'KUBE-SVC-XPGD46QRK7WJZT7O', svl: 'KUBE-SVL-XPGD46QRK7WJZT7O', fw: 'KUBE-FW-XPGD46QRK7WJZT7O', ext: 'KUBE-EXT-XPGD46QRK7WJZT7O',
  });
});

test('NAM1 endpoint chains hash the address and port too: proxier_test.go', () => {
  expect(endpointChainName('ns1/svc1:p80', 'tcp', '10.180.0.1:80')).toBe('KUBE-SEP-SXIVWICOYRO3J4NJ');
  expect(endpointChainName('ns5/svc5:p80', 'tcp', '10.180.0.3:80')).toBe('KUBE-SEP-I77PXRDZVX7PMWMN');
});

test('NAM1 one port number under two protocols has two chains', () => {
  expect(chainNames('ns/dns:dns', 'udp').svc).not.toBe(chainNames('ns/dns:dns', 'tcp').svc);
});
