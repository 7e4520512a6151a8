import type { Cluster, Pod, Service } from '../../shared/model/types.ts';
import { podId } from '../../shared/model/describe.ts';

/** The pod that an id of the map stands for, `pod/NS/NAME`. */
export const findPod = ({ pods }: Pick<Cluster, 'pods'>, id: string): Pod | undefined => pods.find((pod) => podId(pod) === id);

/** The Service that an id of the map stands for, `service/NS/NAME`. */
export const findService = ({ services }: Pick<Cluster, 'services'>, id: string): Service | undefined => services.find(({ namespace, name }) => id === `service/${namespace}/${name}`);
