import type { ExtensionView } from '@perch/shared';
import { m } from '../../paraglide/messages.js';
import { nameOf } from '../../state/sentences.ts';

/** Where calls to an extension ring, in a few words. */
export function whereaboutsSentence({ whereabouts }: ExtensionView): string {
  switch (whereabouts.kind) {
    case 'home':
      return m.at_home();
    case 'away':
      return m.on_base({ base: nameOf(whereabouts.base) });
    case 'homeless':
      return m.homeless({ guest: nameOf(whereabouts.guest) });
  }
}
