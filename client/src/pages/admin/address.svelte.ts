/** The address within management; following a link loads nothing. */
export class Address {
  path = $state(location.pathname);
  /** What follows the path: with what a page begins that a link has led to. */
  search = $state(location.search);

  constructor() {
    window.addEventListener('popstate', () => this.#look());
  }

  /** `address`: a path, and what may follow it. */
  go(address: string): void {
    history.pushState(null, '', address);
    this.#look();
    window.scrollTo(0, 0);
  }

  #look(): void {
    this.path = location.pathname;
    this.search = location.search;
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
