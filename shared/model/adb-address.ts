/** A host name or address with a port, as adb takes it: `192.168.1.20:5555`, `[fe80::1]:5555`. */
export const adbAddressPattern = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/;
