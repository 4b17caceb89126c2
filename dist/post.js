process.env.STATE_begun ||= 'unknown';
await import('./index.js');
