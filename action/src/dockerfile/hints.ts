/** What Go's HTTP client says of a registry that does not speak TLS. */
export const NO_TLS = /server gave HTTP response to HTTPS client/i;

export const BUILD_HINT =
  "the builder's own words are in the log above; correct the Dockerfile or what it needs";
