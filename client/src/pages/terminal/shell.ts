import { TERMINAL_KEY } from '../../api/terminal-key.ts';

/**
 * Writes the number of this phone where it will stand, while all that a call needs is still to come: the address has it, and this browser
 * is that phone. It says nothing of who is there.
 */
export function showNumber(): void {
  const [kind, number] = location.pathname.split('/').filter((part) => part !== '');
  const shell = document.getElementById('shell');
  const place = shell?.querySelector<HTMLElement>('.hero');
  if (shell === null || !place || number === undefined) return;
  if (kind === 'station') shell.dataset['density'] = 'kiosk';
  if (localStorage.getItem(TERMINAL_KEY + number) === null) return;
  place.style.setProperty('--digits', String(Math.max(3, number.length)));
  place.textContent = number;
}
