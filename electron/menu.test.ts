import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { commands } from '../renderer/state/commands.ts';
import { buildMenu } from './menu.ts';

type Item = MenuItemConstructorOptions;
const platforms = ['darwin', 'win32', 'linux'] as const;
const flatten = (items: readonly Item[]): readonly Item[] => items.flatMap((item) => [item, ...flatten((item.submenu ?? []) as readonly Item[])]);
const silent = { command: () => {}, help: () => {} };
const itemsOf = (platform: NodeJS.Platform, isPackaged = true): readonly Item[] => flatten(buildMenu(platform, isPackaged, silent));
const toChord = (accelerator: string): string => accelerator.replace('CmdOrCtrl', 'Mod');

describe.each(platforms)('the menu on %s', (platform) => {
  test('names only commands that the page has, by their own keys', () => {
    const known = new Map(commands.map(({ id, keys }) => [id, keys]));
    const items = itemsOf(platform).filter(({ id }) => id !== undefined && !id.startsWith('help-'));
    expect(items.filter(({ id }) => !known.has(id ?? '')).map(({ id }) => id)).toEqual([]);
    expect(items.filter(({ id, accelerator }) => typeof accelerator === 'string' && !known.get(id ?? '')?.includes(toChord(accelerator))).map(({ id }) => id)).toEqual([]);
  });

  test('has every command of the page but the settings of its own list', () => {
    const items = new Set(itemsOf(platform).map(({ id }) => id));
    expect(commands.filter(({ id }) => !items.has(id)).map(({ id }) => id)).toEqual(['pause-at-each-hop', 'single-keys']);
  });

  test('gives no key twice and none that a text field needs (I10)', () => {
    const accelerators = itemsOf(platform).map(({ accelerator }) => accelerator).filter((key) => typeof key === 'string');
    expect(new Set(accelerators).size).toBe(accelerators.length);
    expect(accelerators.filter((key) => !/^(CmdOrCtrl\+.+|F\d+)$/.test(key))).toEqual([]);
    expect(accelerators.filter((key) => /^CmdOrCtrl\+[ACVXZY]$/.test(key))).toEqual([]);
  });

  test('shows developer tools only while developing (A20)', () => {
    const has = (isPackaged: boolean): boolean => itemsOf(platform, isPackaged).some(({ role }) => role === 'toggleDevTools');
    expect([has(true), has(false)]).toEqual([false, true]);
  });
});

test('a click tells the page the command', () => {
  const told: string[] = [];
  const items = flatten(buildMenu('linux', true, { command: (id) => told.push(id), help: (page) => told.push(page) }));
  const clicks = ['open-files', 'help-manual'].map((id) => items.find((item) => item.id === id)?.click as (() => void) | undefined);
  clicks.forEach((click) => click?.());
  expect(told).toEqual(['open-files', 'manual']);
});

test('macOS has its own menus, the others quit from File (I9)', () => {
  const roles = (platform: NodeJS.Platform) => itemsOf(platform).map(({ role }) => role).filter((role) => role !== undefined);
  expect(roles('darwin')).toEqual(expect.arrayContaining(['appMenu', 'windowMenu', 'close', 'help']));
  expect(roles('linux')).toContain('quit');
  expect(roles('darwin')).not.toContain('quit');
});
