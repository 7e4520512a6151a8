import { describe, expect, test } from 'vitest';
import { buildRouteTable, findRoute, whyNot } from './ingress-match.ts';
import type { Ingress, IngressRule } from './types.ts';

/** `exact /foo`, `prefix /`, `impl /x`, with the host before it: `foo.com prefix /`. Each rule leads to a Service of its own number. */
function ruleOf(text: string, i: number): IngressRule {
  const parts = text.split(' ');
  const [type, path] = parts.slice(-2) as [string, string];
  return { host: parts.length === 3 ? parts[0]! : '', path: path === '""' ? '' : path, pathType: type === 'exact' ? 'Exact' : type === 'prefix' ? 'Prefix' : 'ImplementationSpecific', target: { service: `s${i + 1}`, port: 80 }, at: null };
}
const ingress = (rules: readonly string[], over: Partial<Ingress> = {}): Ingress => ({
  namespace: 'default', name: 'i', className: null, backends: [], rules: rules.map(ruleOf), defaultBackend: null, tls: [], annotations: {}, created: '', at: null, implied: false, ...over,
});
function answerOf(ingresses: readonly Ingress[], host: string, path: string): string {
  const answer = findRoute(buildRouteTable(ingresses), host, path);
  return answer.kind === 'rule' ? answer.route.rule.target!.service : answer.kind === 'default' ? 'default' : '404';
}

describe('Ingress paths: the table of the documentation (concepts/services-networking/ingress, "Examples")', () => {
  test.each<[string, string, string]>([
    ['prefix /', '/anything', 's1'], ['prefix /', '/', 's1'], ['exact /foo', '/foo', 's1'], ['exact /foo', '/bar', '404'], ['exact /foo', '/foo/', '404'], ['exact /foo/', '/foo', '404'],
    ['prefix /foo', '/foo', 's1'], ['prefix /foo', '/foo/', 's1'], ['prefix /foo/', '/foo', 's1'], ['prefix /foo/', '/foo/', 's1'], ['prefix /aaa/bb', '/aaa/bbb', '404'], ['prefix /aaa/bbb', '/aaa/bbb', 's1'],
    ['prefix /aaa/bbb/', '/aaa/bbb', 's1'], ['prefix /aaa/bbb', '/aaa/bbb/', 's1'], ['prefix /aaa/bbb', '/aaa/bbb/ccc', 's1'], ['prefix /aaa/bbb', '/aaa/bbbxyz', '404'],
    ['prefix /, prefix /aaa', '/aaa/ccc', 's2'], ['prefix /, prefix /aaa, prefix /aaa/bbb', '/aaa/bbb', 's3'], ['prefix /, prefix /aaa, prefix /aaa/bbb', '/ccc', 's1'], ['prefix /aaa', '/ccc', '404'],
    ['prefix /foo, exact /foo', '/foo', 's2'],
  ])('%s and %s', (rules, path, expected) => {
    expect(answerOf([ingress(rules.split(', '))], 'any', path)).toBe(expected);
  });
});

describe('Ingress paths beyond it (networking/v1 types.go PathType; ingress-controller-conformance path_rules.feature)', () => {
  test.each<[string, string, string, string]>([
    ['case counts in Exact', 'exact /foo', '/FOO', '404'], ['case counts in Prefix', 'prefix /foo', '/FOO', '404'], ['a query is no part of the path', 'exact /foo', '/foo?x=1', 's1'], ['nor of a prefix', 'prefix /foo', '/foo?x=/bar', 's1'],
    ['a query on the root', 'prefix /', '/?q', 's1'], ['Exact / takes the root only', 'exact /', '/x', '404'], ['and the root', 'exact /', '/', 's1'], ['one more element is no Exact', 'exact /foo/bar', '/foo/bar/baz', '404'],
    ['longest first, whatever the order', 'prefix /aaa/bbb, prefix /aaa, prefix /', '/aaa/bbb/ccc', 's1'], ['and in between', 'prefix /aaa/bbb, prefix /aaa, prefix /', '/aaa/bbbccc', 's2'], ['and at the end', 'prefix /aaa/bbb, prefix /aaa, prefix /', '/aaaccc', 's3'],
    ['Exact before Prefix on equal length, whatever the order', 'exact /foo, prefix /foo', '/foo', 's1'], ['Prefix takes what Exact leaves', 'exact /foo, prefix /foo', '/foo/bar', 's2'], ['a longer Prefix beats a shorter one', 'prefix /a/b, prefix /a/b/c', '/a/b/c/d', 's2'],
    ['of Prefix /foo and /foo/ the longer wins', 'prefix /foo, prefix /foo/', '/foo/bar', 's2'], ['even for /foo itself', 'prefix /foo, prefix /foo/', '/foo', 's2'], ['in either order', 'prefix /foo/, prefix /foo', '/foo', 's1'],
    ['ImplementationSpecific is a Prefix here', 'impl /foo', '/foo/bar', 's1'], ['by element too', 'impl /foo', '/foobar', '404'], ['without a path it takes everything', 'impl ""', '/x/y', 's1'], ['it loses to Exact', 'impl /foo, exact /foo', '/foo', 's2'],
    ['the same path twice: the first', 'prefix /foo, prefix /foo', '/foo', 's1'], ['/apiv2 is not below /api', 'prefix /api', '/apiv2', '404'], ['/api/v1 is', 'prefix /api', '/api/v1', 's1'],
    ['a path that climbs is compared as written', 'prefix /foo', '/bar/../foo', '404'], ['an encoded letter is that letter (RFC 3986 §6.2.2.2; nginx compares the decoded URI)', 'exact /ab', '/a%62', 's1'], ['also in the rule', 'prefix /caf%C3%A9', '/café/x', 's1'],
    ['an encoded slash is no slash (§2.2)', 'prefix /a', '/a%2Fb', '404'], ['an encoded question mark begins no query', 'exact /a', '/a%3Fb', '404'], ['bytes that are no text stay as they are', 'exact /a%ff', '/a%ff', 's1'], ['no path is decoded twice', 'exact /aA', '/a%2541', '404'],
  ])('%s', (_, rules, path, expected) => {
    expect(answerOf([ingress(rules.split(', '))], 'any', path)).toBe(expected);
  });
});

describe('Ingress hosts (types.go IngressRule.Host; conformance host_rules.feature)', () => {
  test.each<[string, string, string, string]>([
    ['the host itself', 'foo.com prefix /', 'foo.com', 's1'], ['another host', 'foo.com prefix /', 'bar.com', '404'], ['no rule of a subdomain', 'foo.com prefix /', 'a.foo.com', '404'], ['a wildcard is one label', '*.foo.com prefix /', 'bar.foo.com', 's1'],
    ['never two', '*.foo.com prefix /', 'baz.bar.foo.com', '404'], ['never none', '*.foo.com prefix /', 'foo.com', '404'], ['a suffix is no label', '*.foo.com prefix /', 'barfoo.com', '404'],
    ['exact before wildcard', '*.foo.com prefix /, bar.foo.com prefix /', 'bar.foo.com', 's2'], ['the wildcard takes the others', '*.foo.com prefix /, bar.foo.com prefix /', 'baz.foo.com', 's1'],
    ['wildcard before no host', 'prefix /, *.foo.com prefix /', 'bar.foo.com', 's2'], ['no host takes the rest', 'prefix /, *.foo.com prefix /', 'other.org', 's1'], ['no host at all', 'prefix /', '', 's1'], ['no Host in the request, a host in the rule', 'foo.com prefix /', '', '404'],
    ['a host with rules never falls through to those of every host', 'foo.com prefix /a, prefix /b', 'foo.com', '404'], ['nor to a wildcard’s', 'bar.foo.com prefix /a, *.foo.com prefix /b', 'bar.foo.com', '404'],
  ])('%s', (_, rules, host, expected) => {
    expect(answerOf([ingress(rules.split(', '))], host, '/b')).toBe(expected);
  });
});

describe('several Ingresses and the default backend', () => {
  const standard = { defaultBackend: { service: 'd', port: 80 } };
  const name = (text: string, rules: readonly string[], over: Partial<Ingress> = {}): Ingress => ingress(rules, { name: text, ...over });
  test.each<[string, readonly Ingress[], string, string, string]>([
    ['a default backend takes what no rule takes', [ingress(['foo.com prefix /a'], standard)], 'bar.com', '/', 'default'], ['also below a host with rules', [ingress(['foo.com prefix /a'], standard)], 'foo.com', '/b', 'default'],
    ['but nothing that a rule takes', [ingress(['foo.com prefix /a'], standard)], 'foo.com', '/a', 's1'], ['an Ingress of a default backend only', [ingress([], standard)], 'any', '/', 'default'], ['nothing at all', [], 'any', '/', '404'],
    ['rules of one host in two Ingresses are one list', [name('a', ['foo.com prefix /a']), name('b', ['foo.com prefix /x, foo.com prefix /b'].join().split(', '))], 'foo.com', '/b', 's2'],
    ['the same path twice: the older Ingress', [name('a', ['foo.com prefix /x', 'foo.com prefix /b'], { created: '2024-02-01T00:00:00Z' }), name('b', ['foo.com prefix /b'], { created: '2024-01-01T00:00:00Z' })], 'foo.com', '/b', 's1'],
    ['without times the first name', [name('b', ['foo.com prefix /x', 'foo.com prefix /b']), name('a', ['foo.com prefix /b'])], 'foo.com', '/b', 's1'],
    ['a canary alone serves nothing', [ingress(['foo.com prefix /b'], { annotations: { 'nginx.ingress.kubernetes.io/canary': 'true' } })], 'foo.com', '/b', '404'],
    ['a rule without paths has no path', [ingress([])], 'foo.com', '/', '404'],
  ])('%s', (_, ingresses, host, path, expected) => {
    expect(answerOf(ingresses, host, path)).toBe(expected);
    expect(answerOf(ingresses.toReversed(), host, path)).toBe(expected);
  });
  test('every rule that lost says why, and the winner says nothing', () => {
    const table = buildRouteTable([name('a', ['shop.example prefix /api', 'shop.example prefix /', 'shop.example exact /api/v1/x', 'other.example prefix /', '*.example prefix /', 'shop.example prefix /ap', 'prefix /']), name('b', ['shop.example prefix /api'])]);
    const answer = findRoute(table, 'shop.example', '/api/v1');
    expect(table.all.map((route) => whyNot(answer, route, 'shop.example', '/api/v1'))).toEqual([
      null, '/api is longer', 'Exact /api/v1/x is not /api/v1', 'shop.example is not other.example', 'host shop.example is named in full', '/ap is no whole element of /api/v1', 'host shop.example has rules of its own', 'default/a claims the same path and comes first by name',
    ]);
  });
});
