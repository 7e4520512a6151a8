import { create } from 'zustand';

/** What the drawer under the map shows. */
export type DrawerPanel = 'manifests' | 'reach' | 'rules';
export type Dialog = 'palette' | 'help' | 'paste' | 'compare' | null;

/** What of the window is open right now; nothing of the cluster, nothing that is kept. */
export interface Layout {
  readonly drawerOpen: boolean;
  readonly panel: DrawerPanel;
  /** The document shown in the drawer, '' = the first. */
  readonly file: string;
  readonly dialog: Dialog;
  /** The outline over the canvas, where the window is too narrow for a column. */
  readonly outlineOpen: boolean;
  /** The trace as a sheet over the canvas, below 1100 px. */
  readonly sheetOpen: boolean;
  /** Traffic in the trace's column. */
  readonly trafficOpen: boolean;
  /** What the map and the outline are narrowed to, '' = everything (filter.ts). */
  readonly filter: string;
  /** The filter's field is on the map. */
  readonly filtering: boolean;
  /** Only what the request touches is on the map. */
  readonly focused: boolean;
  readonly change: (part: Partial<Omit<Layout, 'change'>>) => void;
}

export const useLayout = create<Layout>()((set) => ({
  drawerOpen: false,
  panel: 'manifests',
  file: '',
  dialog: null,
  outlineOpen: false,
  sheetOpen: true,
  trafficOpen: false,
  filter: '',
  filtering: false,
  focused: false,
  change: (part) => set(part),
}));
