import '@testing-library/jest-dom';

/** jsdom cannot parse some rules of Backstage's own Material UI styles; JSS says so for each of them. */
const warn = console.warn.bind(console);
console.warn = (...told: unknown[]) => {
  if (!String(told[0]).includes('[JSS]')) warn(...told);
};
