import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { useLayout } from '../state/layout.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { Drawer } from './Drawer.tsx';

const good = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: i }] }\n';
const bad = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec:\n  selector: { app: api }\n  ports:\n    - port: 99999\n';
const { actions } = useWorld.getState();

// CodeMirror asks for it when it takes the focus; jsdom has none
Object.assign(document, { execCommand: () => false });

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await actions.open([{ name: 'shop/web.yaml', text: good }, { name: 'shop/api.yaml', text: bad }], 'Shop');
});
afterEach(() => {
  act(() => {
    resetWorld();
    useLayout.setState({ drawerOpen: false, file: '' });
  });
});

/** The editor's text, which lives in a shadow root. */
const shownText = (): string => [...(document.querySelector('.yaml-pane')?.shadowRoot?.querySelectorAll('.cm-line') ?? [])].map((line) => line.textContent).join('\n');

describe('the manifests', () => {
  test('closed, it names the files and counts the problems', () => {
    render(<Drawer />);
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['web.yaml', 'api.yaml']);
    expect(screen.getByRole('region', { name: 'Manifests' }).textContent).toMatch(/\d problems?/);
  });

  test('a tab opens its file, and arrows walk the tabs', async () => {
    render(<Drawer />);
    fireEvent.click(screen.getByRole('tab', { name: 'web.yaml' }));
    await waitFor(() => expect(shownText()).toContain('name: web'));
    fireEvent.keyDown(screen.getByRole('tab', { name: 'web.yaml' }), { key: 'ArrowRight' });
    await waitFor(() => expect(shownText()).toContain('port: 99999'));
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'api.yaml' }));
  });

  test('a click on a problem shows its line', async () => {
    render(<Drawer />);
    fireEvent.click(screen.getByRole('button', { name: 'Manifests' }));
    const problem = within(screen.getByRole('list', { name: 'Problems' })).getAllByRole('button', { name: /^shop\/api\.yaml:7:/ })[0]!;
    fireEvent.click(problem);
    await waitFor(() => expect(shownText()).toContain('port: 99999'));
    expect(useLayout.getState().file).toBe('shop/api.yaml');
  });

  test('what the trace points at is lit', async () => {
    render(<Drawer />);
    await act(async () => {
      await actions.lightUp({ kind: 'Pod', namespace: 'default', name: 'web' });
      useLayout.setState({ drawerOpen: true, file: 'shop/web.yaml' });
    });
    await waitFor(() => expect(document.querySelector('.yaml-pane')?.shadowRoot?.querySelectorAll('.cm-lit').length).toBeGreaterThan(0));
  });
});
