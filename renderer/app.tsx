import type { ReactNode } from 'react';
import { Canvas } from './canvas/Canvas.tsx';
import { CompareDialog } from './compare/CompareDialog.tsx';
import { Drawer } from './editor/Drawer.tsx';
import { TracePanel } from './inspect/TracePanel.tsx';
import { Caption } from './shell/Caption.tsx';
import { Dock } from './shell/Dock.tsx';
import { DropTarget } from './shell/DropTarget.tsx';
import { EditNotice } from './shell/EditNotice.tsx';
import { EngineBanner } from './shell/EngineBanner.tsx';
import { Help } from './shell/Help.tsx';
import { LiveRegions } from './shell/LiveRegions.tsx';
import { Palette } from './shell/Palette.tsx';
import { PasteDialog } from './shell/PasteDialog.tsx';
import { PreviewDialog } from './shell/PreviewDialog.tsx';
import { Side } from './shell/Side.tsx';
import { TopBar } from './shell/TopBar.tsx';
import { homeOfFocus, useKeptFocus } from './shell/use-kept-focus.ts';
import { useShortcuts } from './shell/use-shortcuts.ts';
import { useTheme } from './shell/use-theme.ts';
import { useLayout } from './state/layout.ts';
import { useWorld } from './state/use-world.ts';

function Dialogs(): ReactNode {
  const dialog = useLayout((layout) => layout.dialog);
  const incoming = useWorld((world) => world.incoming);
  if (incoming !== null) return <PreviewDialog incoming={incoming} />;
  if (dialog === 'palette') return <Palette />;
  if (dialog === 'help') return <Help />;
  if (dialog === 'compare') return <CompareDialog />;
  return dialog === 'paste' ? <PasteDialog /> : null;
}

/** The window: bar, outline, map with the manifests under it, trace, dock. */
export function App(): ReactNode {
  const projected = useTheme() === 'projector';
  useShortcuts();
  useKeptFocus();
  return (
    <div className="app">
      <TopBar />
      {!projected && <Side />}
      <main className="stage" id={homeOfFocus} tabIndex={-1} aria-label="Map of the cluster">
        <EngineBanner />
        <div className="map-box"><Canvas /><EditNotice /></div>
        {!projected && <Drawer />}
      </main>
      {projected ? <Caption /> : <><TracePanel /><Dock /></>}
      <LiveRegions />
      <DropTarget />
      <Dialogs />
    </div>
  );
}
