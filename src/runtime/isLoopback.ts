const loopback = /^(?:::ffff:)?(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/i;

/** Whether the host, without port and brackets, is this machine under a name of its own. */
export const isLoopback = (host: string): boolean => loopback.test(host);
