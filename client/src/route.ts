/** Where the address leads. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'station' | 'phone'; readonly number: string | undefined }
  | { readonly page: 'admin' | 'setup' }
  | { readonly page: 'unknown' };

export function routeOf(pathname: string): Route {
  const [page, ...rest] = pathname.split('/').filter((part) => part !== '');
  switch (page) {
    case undefined:
      return { page: 'home' };
    case 'station':
    case 'phone':
      return { page, number: rest[0] };
    case 'admin':
    case 'setup':
      return { page };
    default:
      return { page: 'unknown' };
  }
}
