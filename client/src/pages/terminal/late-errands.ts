import { mount, unmount } from 'svelte';
import type { Phone } from '../../state/phone.svelte.ts';
import { runIdleScreen } from '../../state/system/idle-screen.svelte.ts';
import { runSystemErrands, type SystemPage } from '../../state/system/system-errands.svelte.ts';
import IdleScreen from '../station/idle-screen.svelte';

/** What a page does beside what it draws, once all that a call needs is there. The returned function ends it. */
export function runLateErrands(phone: Phone, page: SystemPage): () => void {
  const ends = [runSystemErrands(phone, page)];
  if (page.isStation)
    ends.push(
      runIdleScreen(phone, (idle) => {
        const screen = mount(IdleScreen, { target: document.body, props: { phone, idle } });
        return () => void unmount(screen);
      }),
    );
  return () => {
    for (const end of ends) end();
  };
}
