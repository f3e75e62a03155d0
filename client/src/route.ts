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
      return rest.length > 1 ? { page: 'unknown' } : { page, number: rest[0] };
    case 'admin':
      return { page };
    case 'setup':
      return rest.length > 0 ? { page: 'unknown' } : { page };
    default:
      return { page: 'unknown' };
  }
}
