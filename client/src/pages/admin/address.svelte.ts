/** The address within management; following a link loads nothing. */
export class Address {
  path = $state(location.pathname);

  constructor() {
    window.addEventListener('popstate', () => (this.path = location.pathname));
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.path = path;
    window.scrollTo(0, 0);
  }

  /** For the whole of management: takes over plain clicks on its own links. */
  readonly follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const path = link?.getAttribute('href');
    if (!path?.startsWith('/admin')) return;
    event.preventDefault();
    this.go(path);
  };
}
