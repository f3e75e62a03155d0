import { nextPaint } from '../../next-paint.ts';
import { showNumber } from './shell.ts';

/** What a phone needs for a call, each part in a task of its own: a slow device can paint and take a touch in between. */
async function load(): Promise<void> {
  showNumber();
  await nextPaint();
  await import('../../sip/user-agent.ts');
  const { show } = await import('./show.ts');
  await show();
}

void load();
