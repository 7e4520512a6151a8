import type { FractionJson } from '../../shared/base/fraction.ts';
import type { IfName, NetnsId } from '../../shared/dataplane/ids.ts';
import type { Packet } from '../../shared/dataplane/packet.ts';
import type { ProbeVerdict } from '../../shared/trace/types.ts';

/** What happens at a moment; decides its icon, colour and motion (LOOKS.md "Motion"). */
export type MomentKind = 'originate' | 'enter' | 'bridge' | 'route' | 'conntrack' | 'rule' | 'rewrite' | 'encap' | 'decap' | 'choice' | 'deliver' | 'lookup' | 'fate';

/** One stop of the playback: one line of the trace list, one state of the canvas, one announcement. */
export interface Moment {
  readonly index: number;
  readonly leg: number;
  readonly direction: 'forward' | 'reply';
  readonly hop: number;
  readonly netns: NetnsId;
  /** First and last (inclusive) step of the hop that this moment stands for. */
  readonly steps: readonly [number, number];
  readonly kind: MomentKind;
  /** A few words: "Destination rewritten", "KUBE-SERVICES matches shop/api". */
  readonly title: string;
  /** Right-aligned or second-line detail, mono: an address, a route; '' for none. */
  readonly detail: string;
  /** The header after this moment, and before it where it changed. */
  readonly packet: Packet;
  readonly before?: Packet;
  /** Key into the Answer's glossary for the rule or route that caused it. */
  readonly cause?: string;
  readonly odds?: FractionJson;
  readonly link?: IfName;
  /** Virtual playback milliseconds at 1×. */
  readonly start: number;
  readonly duration: number;
}

/** A branch of a Journey unrolled for playing, scrubbing and reading. Pure data; the engine is never asked again. */
export interface Timeline {
  readonly moments: readonly Moment[];
  readonly totalMs: number;
  /** Where the transport's bar has a mark: the first moment of each hop. */
  readonly marks: readonly { readonly moment: number; readonly label: string; readonly netns: NetnsId; readonly direction: 'forward' | 'reply' }[];
  readonly verdict: ProbeVerdict;
  readonly code: string;
  readonly sentence: string;
  /** Leg by leg what its packets say above their ports: a question to DNS, a request, what a proxy adds to it; null where only a connection is made. */
  readonly said: readonly (LegWords | null)[];
}
export interface LegWords { readonly key: 'asks' | 'adds'; readonly text: string }
