import type { ObjectRef } from '../base/object-ref.ts';
import type { SourceSpan } from '../base/problem.ts';

/** One network namespace: `node/a`, `pod/NS/NAME`, `client/internet`, `host/internet`, `router/lab`, `switch/lan`, `lb/cloud`, `world/internet`. */
export type NetnsId = string;
/** An interface's name inside its namespace: `eth0`, `cbr0`, `veth…`. */
export type IfName = string;
/** `FAMILY/TABLE/CHAIN` inside one namespace, such as `ip/nat/KUBE-SERVICES`. */
export type ChainId = string;
/** `FAMILY/TABLE/CHAIN/N` inside one namespace, N counted from 1 as `iptables -L --line-numbers` does. */
export type RuleId = string;
/** The route as `ip route` prints it, which is unique inside one table. */
export type RouteId = string;

/** Why something exists in a kernel: which datapath put it there, for which object, in one sentence that a person can read. */
export interface Origin {
  /** The datapath's id. */
  readonly by: string;
  readonly for?: ObjectRef;
  /** Path inside that object, such as `spec.ports[0]`, when one field caused it. */
  readonly field?: string;
  /** The line itself, where it was read from a node's own text. */
  readonly at?: SourceSpan;
  readonly why: string;
  /** The stable reason a packet ends for when it ends here, such as `no-endpoints` or `policy-default-deny`. */
  readonly code?: string;
}
