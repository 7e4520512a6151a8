import { scaleBand, type ScaleBand } from 'd3-scale';
import type { Peer } from './reach-pairs.ts';

/** One line of the grid's edge: a peer, or the heading of a group. */
export type Track = { readonly kind: 'peer'; readonly peer: Peer; readonly index: number } | { readonly kind: 'group'; readonly name: string };

/** Pixels: a cell's pitch, which is also the smallest target a pointer needs. */
export const pitch = 24;

export interface Band { readonly tracks: readonly Track[]; readonly at: ScaleBand<number>; readonly size: number }

/** Peers in order with a heading before each group; with one group only, none. */
export function bandOf(peers: readonly Peer[]): Band {
  const groups = new Set(peers.map(({ group }) => group)).size;
  const tracks: Track[] = [];
  peers.forEach((peer, index) => {
    if (groups > 1 && peers[index - 1]?.group !== peer.group) tracks.push({ kind: 'group', name: peer.group });
    tracks.push({ kind: 'peer', peer, index });
  });
  const size = tracks.length * pitch;
  return { tracks, size, at: scaleBand(tracks.map((_, i) => i), [0, size]) };
}

/** The tracks that a window of `length` pixels from `offset` shows, with two more at each end. */
export function visible({ tracks }: Band, offset: number, length: number): readonly [number, number] {
  return [Math.max(0, Math.floor(offset / pitch) - 2), Math.min(tracks.length, Math.ceil((offset + length) / pitch) + 2)];
}
