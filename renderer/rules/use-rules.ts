import { create } from 'zustand';
import type { Output } from '../../shared/api/contract.ts';
import type { RulesFormat } from '../../shared/api/shapes.ts';
import type { ModePreview } from '../../shared/api/rules-contract.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { ProxyMode } from '../../shared/model/types.ts';
import { editActions } from '../state/edit-actions.ts';
import { currentHost, useWorld } from '../state/use-world.ts';

/** A listing that can be chosen; `format` null = what the proxy mode's own tool prints. */
export interface Listing { readonly format: RulesFormat | null; readonly family: 4 | 6 }

export interface RulesState {
  /** The host that was picked; null follows the packet. */
  readonly netns: NetnsId | null;
  readonly listing: Listing;
  readonly search: string;
  readonly onlyMet: boolean;
  /** The id of the line that is looked at. */
  readonly chosen: string | null;
  /** A host's text and what it belongs to. */
  readonly text: { readonly key: string; readonly printed: Output<'rules'> } | null;
  readonly preview: ModePreview | null;
  readonly failure: string | null;
}

const nothing: RulesState = { netns: null, listing: { format: null, family: 4 }, search: '', onlyMet: false, chosen: null, text: null, preview: null, failure: null };

/** What the rules panel shows. */
export const useRules = create<RulesState>()(() => nothing);
export const resetRules = (): void => useRules.setState(nothing);

const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'The engine did not answer');

export const textKey = (edition: number, netns: NetnsId, { format, family }: Listing): string => `${edition} ${netns} ${format ?? ''} ${family}`;

/** Asks for a host's text, unless it is here. */
export async function loadText(netns: NetnsId): Promise<void> {
  const { edition, opened } = useWorld.getState();
  const { listing, text } = useRules.getState();
  const key = textKey(edition, netns, listing);
  if (opened === null || text?.key === key) return;
  const { format } = listing;
  try {
    const printed = await currentHost().engine.rules(format === null || format === 'iptables-save' ? { netns, format, ...(format === null ? {} : { family: listing.family }) } : { netns, format, family: listing.family });
    if (useWorld.getState().edition === edition && useRules.getState().listing === listing) useRules.setState({ text: { key, printed }, failure: null });
  } catch (thrown) {
    useRules.setState({ failure: sentence(thrown), text: null });
  }
}

/** Asks what another proxy mode would do to a host. */
export async function previewMode(mode: ProxyMode, netns: NetnsId): Promise<void> {
  try {
    useRules.setState({ preview: await currentHost().engine.previewMode({ mode, netns }), failure: null });
  } catch (thrown) {
    useRules.setState({ failure: sentence(thrown) });
  }
}

/** Writes another proxy mode into the manifests, as one edit that undo takes back. */
export async function switchMode(mode: ProxyMode): Promise<void> {
  const edited = await editActions.edit({ kind: 'set-proxy-mode', mode });
  if (edited?.kind === 'done') useRules.setState({ preview: null, chosen: null, failure: null, listing: { format: null, family: 4 } });
}
