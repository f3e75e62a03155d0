/**
 * For the keys that are pressed in a list of tabs: arrows, Home and End go to another tab and choose it (ARIA Authoring Practices Guide, tabs with
 * automatic activation). Only the chosen tab is reached with the Tab key.
 */
export function goAmongTabs(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.findIndex((tab) => tab === event.target);
  const { altKey, ctrlKey, metaKey, shiftKey } = event;
  if (at < 0 || altKey || ctrlKey || metaKey || shiftKey) return;
  const isFromRight = getComputedStyle(event.currentTarget).direction === 'rtl';
  const goals: Readonly<Record<string, number>> = {
    [isFromRight ? 'ArrowLeft' : 'ArrowRight']: at + 1,
    [isFromRight ? 'ArrowRight' : 'ArrowLeft']: at - 1,
    Home: 0,
    End: -1,
  };
  const goal = goals[event.key];
  if (goal === undefined) return;
  event.preventDefault();
  const next = tabs.at(goal % tabs.length);
  next?.focus();
  next?.click();
}
