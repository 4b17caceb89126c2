/** The one function of `react-dom/client` that the entry calls, in place of all of `@types/react-dom`. */
declare module 'react-dom/client' {
  import { type ReactNode } from 'react';

  export function createRoot(container: Element): { render(node: ReactNode): void };
}
