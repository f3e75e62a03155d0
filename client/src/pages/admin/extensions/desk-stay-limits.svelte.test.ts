import type { ExtensionView } from '@perch/shared';
import { mount, unmount } from 'svelte';
import { expect, test } from 'vitest';
import DeskStayLimits from './desk-stay-limits.svelte';

test('a desk without limits of its own says that those of the organization count, not that there is none', () => {
  const target = document.createElement('div');
  const extension = { number: '201', stayLimits: null } as ExtensionView;
  const card = mount(DeskStayLimits, { target, props: { extension } });
  const chosen = Array.from(
    target.querySelectorAll('select'),
    ({ selectedOptions: [option] }) => option?.text,
  );
  expect(chosen).toEqual(['Same as the organization', 'Same as the organization']);
  void unmount(card);
});
