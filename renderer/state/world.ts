import type { SourceSpan } from '../../shared/base/problem.ts';
import type { ObjectRef } from '../../shared/base/object-ref.ts';
import type { Opened, Answer, Offer } from '../../shared/api/shapes.ts';
import type { EngineNotice } from '../../shared/api/channel.ts';
import type { Timeline } from '../scene/types.ts';

/** The request bar: addresses in CLI.md's words (`pod/shop/web-0`, `service/shop/api`). */
export interface Request { readonly from: string; readonly to: string; readonly port: number | null; readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp' }
/** What choosing with the pointer or keys does next (the editor-mode machine's snapshot). */
export type Choosing = 'browsing' | 'source' | 'destination';
/** Anything that can be selected: an address string as in Request, or a rule. */
export type Selection = { readonly kind: 'thing'; readonly id: string } | { readonly kind: 'cause'; readonly key: string } | null;

/** The read-only mirror of what the engine said, plus what the user is doing. Three things only live in the renderer: this, machine snapshots, preferences (DESIGN §5). */
export interface World {
  readonly opened: Opened | null;
  readonly opening: boolean;
  readonly engine: EngineNotice | null;
  readonly request: Request;
  readonly offers: readonly Offer[];
  readonly asking: boolean;
  readonly answer: Answer | null;
  /** The answer belongs to an earlier revision ("before this edit"). */
  readonly stale: boolean;
  /** Index into answer.journey.branches. */
  readonly branch: number;
  readonly timeline: Timeline | null;
  readonly selection: Selection;
  readonly hovered: string | null;
  readonly choosing: Choosing;
  /** The place in the manifests that is lit, if any. */
  readonly lit: SourceSpan | null;
  readonly about: ObjectRef | null;
}
