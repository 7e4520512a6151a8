import { expect, test } from 'vitest';
import { traceCall } from './trace-call.ts';

test('a question becomes the call that asks it, quoted where a shell would take it apart', () => {
  expect(traceCall(['a b.yaml', 'p.yaml'], { from: 'pod/web', to: 'service/shop/api', port: 80, protocol: 'tcp' })).toBe("podhop trace -f 'a b.yaml' -f p.yaml --from pod/web --to service/shop/api --port 80");
  expect(traceCall(['p.yaml'], { from: 'ip/10.0.0.1', at: 'node/a', to: '10.244.1.2', protocol: 'icmp' })).toBe('podhop trace -f p.yaml --from ip/10.0.0.1 --at node/a --to 10.244.1.2 --protocol icmp');
  expect(traceCall(['p.yaml'], { from: 'pod/web', to: 'x', http: { url: "http://a/?q='" } })).toBe("podhop trace -f p.yaml --from pod/web --to x --http 'http://a/?q='\\'''");
});
