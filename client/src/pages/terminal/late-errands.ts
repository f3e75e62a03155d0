import { mount, unmount } from 'svelte';
import type { Phone } from '../../state/phone.svelte.ts';
import { runKiosk } from '../../state/kiosk/kiosk-errands.svelte.ts';
import { runIdleScreen } from '../../state/system/idle-screen.svelte.ts';
import { runSystemErrands, type SystemPage } from '../../state/system/system-errands.svelte.ts';
import IdleScreen from '../station/idle-screen.svelte';
import KioskCover from '../station/kiosk-cover.svelte';

/** What a page does beside what it draws, once all that a call needs is there. The returned function ends it. */
export function runLateErrands(phone: Phone, page: SystemPage): () => void {
  const ends = [runSystemErrands(phone, page)];
  if (page.isStation) {
    const target = document.body;
    ends.push(
      runIdleScreen(phone, (idle) => {
        const screen = mount(IdleScreen, { target, props: { phone, idle } });
        return () => void unmount(screen);
      }),
      runKiosk(phone, () => {
        const cover = mount(KioskCover, { target, props: { emergencyNumbers: phone.word.emergencyNumbers } });
        return () => void unmount(cover);
      }),
    );
  }
  return () => {
    for (const end of ends) end();
  };
}
