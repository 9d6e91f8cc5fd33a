/**
 * A *drop* is a folder shared with a partner. A *place* is how one is reached: this machine's disk, SFTP or FTP. What a drop
 * promises is written once, for all places.
 */
export { type FtpOptions, ftpDrop } from './ftp.ts';
export { localDrop } from './local.ts';
export { type SftpOptions, sftpDrop } from './sftp.ts';
