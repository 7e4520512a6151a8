import type { Problem } from '../../base/problem.ts';
import type { Cluster } from '../../model/types.ts';
import { resolveVia } from './outsider.ts';

/** Static routes of outside machines that lead nowhere. */
export const checkOutside = (cluster: Cluster): readonly Problem[] =>
  cluster.outsiders.flatMap((outsider) => outsider.routes.filter((wanted) => resolveVia(cluster, wanted) === null).map((wanted): Problem => ({
    code: 'route-via-nobody', severity: 'warning', at: outsider.at,
    what: `${outsider.kind} ${outsider.name} routes ${wanted.dst} through ${wanted.via}, which is no address of that family and no node`, fix: 'give an address, or a node as node/NAME',
  })));
