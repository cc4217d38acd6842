export { AddressRefused, guardedLookup, isLoopback, isPublicAddress } from '../../http/public-addresses.js';
