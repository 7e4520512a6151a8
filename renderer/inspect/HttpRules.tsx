import type { ReactNode } from 'react';
import type { HttpAnswer, HttpRule } from '../../shared/trace/types.ts';
import { printRequestShare } from '../../shared/trace/request-share.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';

function Row({ rule }: { readonly rule: HttpRule }): ReactNode {
  const { lightUp } = useWorld((world) => world.actions);
  const change = useLayout((layout) => layout.change);
  const show = async (): Promise<void> => {
    await lightUp(rule.ingress);
    const { lit } = useWorld.getState();
    if (lit !== null) change({ drawerOpen: true, panel: 'manifests', file: lit.file });
  };
  const won = rule.why === null;
  return (
    <tr className={won ? 'won' : ''}>
      <td>{won && <Icon name="ok" label="Took the request" />}<code>{rule.host === '' ? '*' : rule.host}<wbr />{rule.path === '' ? '/' : rule.path}</code><small>{rule.pathType === 'ImplementationSpecific' ? 'As the controller likes' : rule.pathType}{rule.host === '' ? ', any host' : ''}</small></td>
      <td><button type="button" className="link" onClick={() => void show()}>{rule.service}</button>{!won && <small>{rule.why}</small>}</td>
    </tr>
  );
}

/** What an HTTP request was answered, and the proxy's rules: the one that took it first and lit, each other with why it lost. */
export function HttpRules({ http }: { readonly http: HttpAnswer }): ReactNode {
  const { rules = [], rulesOmitted = 0, request, status, forwarded, location, requests } = http;
  const taken = rules.filter(({ why }) => why === null).length;
  return (
    <details className="http">
      <summary>
        {request === undefined ? 'HTTP' : <code>{request.method} {request.scheme}://{request.host}{request.path}</code>} <b>{status}</b>
      </summary>
      {requests !== undefined && <p className="why">Requests on one connection: {printRequestShare(requests)} end here</p>}
      {location !== undefined && <p className="why">Sent on to <code>{location}</code>, which is another request</p>}
      {forwarded !== undefined && (
        <dl className="adds">
          <dt>The proxy adds for the pod</dt>
          {Object.entries(forwarded).map(([name, value]) => <dd key={name}><code>{name}: {value}</code></dd>)}
        </dl>
      )}
      {rules.length > 0 && (
        <table aria-label="Ingress rules">
          <caption>{taken === 0 ? 'No Ingress rule took it' : 'Ingress rules, the one that took it first'}</caption>
          <thead><tr><th scope="col">Host and path</th><th scope="col">Service</th></tr></thead>
          <tbody>{rules.map((rule) => <Row key={`${rule.ingress.name} ${rule.host} ${rule.path} ${rule.service}`} rule={rule} />)}</tbody>
        </table>
      )}
      {rulesOmitted > 0 && <p className="hint">{rulesOmitted} more rules did not match.</p>}
    </details>
  );
}
