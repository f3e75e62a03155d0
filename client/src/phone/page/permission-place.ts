import { browserName } from './browser-name.ts';

/** Where a person allows a page what they have refused it before. */
export type PermissionPlace =
  /** Behind the icon beside the address. */
  | 'address'
  /** Beside the address, where the block itself is shown. */
  | 'firefox'
  /** In the menu bar of the system. */
  | 'safari'
  /** In the page menu beside the address. */
  | 'ios'
  /** Behind the icon beside the address, one step further. */
  | 'android'
  /** In the menu of its window, where a page is installed and has no address. */
  | 'app';

/** `isInstalled`: the page has a window of its own, without an address. */
export function permissionPlace(userAgent: string, isInstalled: boolean): PermissionPlace {
  const { browser, system } = browserName(userAgent) ?? {};
  if (system === 'iPhone' || system === 'iPad') return 'ios';
  if (isInstalled) return 'app';
  if (browser === 'Safari') return 'safari';
  if (browser === 'Firefox') return 'firefox';
  return system === 'Android' ? 'android' : 'address';
}
