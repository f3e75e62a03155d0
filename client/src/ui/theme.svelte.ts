/** Shows the page in the theme that is set on this device, or in the system's. */
export function followTheme(theme: () => 'system' | 'light' | 'dark'): void {
  $effect.root(() => {
    $effect(() => {
      const { dataset } = document.documentElement;
      if (theme() === 'system') delete dataset['theme'];
      else dataset['theme'] = theme();
    });
  });
}
