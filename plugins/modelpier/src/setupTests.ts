import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

/** The first page of a file renders the whole app, which takes seconds on a busy machine. */
configure({ asyncUtilTimeout: 10_000 });
jest.setTimeout(30_000);

/** jsdom cannot parse some rules of Backstage's own Material UI styles; JSS says so for each of them. */
const warn = console.warn.bind(console);
console.warn = (...told: unknown[]) => {
  if (!String(told[0]).includes('[JSS]')) warn(...told);
};
