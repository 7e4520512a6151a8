import { parseIp, type Ip } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { SourceSpan } from '../base/problem.ts';
import type { KubeObject } from '../kube/types.ts';
import { booleanOf, dig, integerOf, labelsOf, recordsOf, textOf, type Fields } from './json-fields.ts';
import type { ContainerPort, L4Protocol, Labels, Pod } from './types.ts';

/** A pod before it has a node and an address. */
export interface PodDraft {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly owner: ObjectRef | null;
  /** The Pod's own object, or the workload it comes from. */
  readonly source: KubeObject;
  readonly at: SourceSpan;
  readonly spec: Fields;
  /** `spec.nodeName`, or '' to be scheduled. */
  readonly nodeName: string;
  /** Addresses that the Pod's status fixes. */
  readonly fixedIps: readonly Ip[];
  readonly phase: Pod['phase'];
  /** Null = as its node is. */
  readonly ready: boolean | null;
  readonly terminating: boolean;
  readonly crashed?: boolean;
  readonly hostname: string;
  readonly subdomain: string;
}

/** `TCP` and the like as Kubernetes writes them; TCP where absent or unknown. */
export function protocolOf(value: unknown): L4Protocol {
  const lower = typeof value === 'string' ? value.toLowerCase() : '';
  return lower === 'udp' || lower === 'sctp' ? lower : 'tcp';
}

/** The draft of a Pod object: what its status says stays. */
export function draftOfPod(object: KubeObject, owner: ObjectRef | null): PodDraft {
  const { value } = object;
  const spec = dig(value, 'spec');
  return {
    namespace: object.namespace,
    name: object.name,
    labels: labelsOf(dig(value, 'metadata', 'labels')),
    owner,
    source: object,
    at: object.at,
    spec: spec as Fields | undefined ?? {},
    nodeName: textOf(dig(spec, 'nodeName')),
    fixedIps: fixedIpsOf(value),
    phase: phaseOf(textOf(dig(value, 'status', 'phase'))),
    ready: readyOf(value),
    terminating: textOf(dig(value, 'metadata', 'deletionTimestamp')) !== '',
    ...(crashes(value) ? { crashed: true } : {}),
    hostname: textOf(dig(spec, 'hostname')),
    subdomain: textOf(dig(spec, 'subdomain')),
  };
}

/** All containers wait for their next start after a crash (the kubelet's reason `CrashLoopBackOff`). */
function crashes(pod: Fields): boolean {
  const statuses = recordsOf(dig(pod, 'status', 'containerStatuses'));
  return statuses.length > 0 && statuses.every((status) => textOf(dig(status, 'state', 'waiting', 'reason')) === 'CrashLoopBackOff');
}

function fixedIpsOf(pod: Fields): readonly Ip[] {
  const several = recordsOf(dig(pod, 'status', 'podIPs')).map((entry) => parseIp(textOf(entry['ip'])));
  const all = [parseIp(textOf(dig(pod, 'status', 'podIP'))), ...several].filter((address) => address !== null);
  return [...new Set(all)];
}

function phaseOf(text: string): Pod['phase'] {
  return text === 'Pending' || text === 'Succeeded' || text === 'Failed' ? text : 'Running';
}

/** A manifest without status stands for a pod that came up; a status that says otherwise counts. */
function readyOf(pod: Fields): boolean | null {
  const condition = recordsOf(dig(pod, 'status', 'conditions')).find((entry) => entry['type'] === 'Ready');
  if (condition !== undefined) return condition['status'] === 'True';
  const phase = textOf(dig(pod, 'status', 'phase'));
  return phase === '' || phase === 'Running' ? null : false;
}

/** Containers that run for the pod's whole life: `containers` and the init containers with `restartPolicy: Always` (sidecars, KEP-753). */
export function longRunningContainers(spec: Fields): readonly Fields[] {
  const sidecars = recordsOf(dig(spec, 'initContainers')).filter((container) => container['restartPolicy'] === 'Always');
  return [...recordsOf(dig(spec, 'containers')), ...sidecars];
}

/** Declared ports in order. A hostNetwork pod's hostPort is its containerPort and needs no rule, so it is left out. */
export function containerPortsOf(spec: Fields): readonly ContainerPort[] {
  const onHost = booleanOf(dig(spec, 'hostNetwork'), false);
  return longRunningContainers(spec).flatMap((container) =>
    recordsOf(container['ports']).map((port): ContainerPort => {
      const hostPort = integerOf(port['hostPort'], 0);
      const hostIp = textOf(port['hostIP']);
      return {
        name: textOf(port['name']),
        port: integerOf(port['containerPort'], 0),
        protocol: protocolOf(port['protocol']),
        ...(hostPort > 0 && !onHost ? { hostPort, ...(hostIp === '' ? {} : { hostIp }) } : {}),
        container: textOf(container['name']),
      };
    }).filter(({ port }) => port > 0));
}
