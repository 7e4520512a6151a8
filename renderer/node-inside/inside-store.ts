import { create } from 'zustand';

export interface InsideState {
  /** The node whose inside is shown, `node/NAME`; null for the cluster. */
  readonly node: string | null;
  enter(node: string): void;
  leave(): void;
}

/** Whether the canvas shows the cluster or one node from inside. */
export const useInside = create<InsideState>()((set) => ({ node: null, enter: (node) => set({ node }), leave: () => set({ node: null }) }));
