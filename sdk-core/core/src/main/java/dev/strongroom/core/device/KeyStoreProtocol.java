// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * Numbers of the commands of the key store, as in {@code docs/spec/key-store.md}, 9; for hosts and
 * for elements. All are of class {@link ElementProtocol#CLA_PROPRIETARY}.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyStoreProtocol {

  /** Queries: LIST, READ, TELL TIME, CONFIRM. */
  public static final int INS_QUERY = 0x40;

  /** P1 of a query: LIST KEYS, LIST GROUPS. */
  public static final int P1_LIST = 0x00;

  /** P2 of LIST: keys. */
  public static final int P2_KEYS = 0x00;

  /** P2 of LIST: groups. */
  public static final int P2_GROUPS = 0x01;

  /** P1 of a query: READ KEY. */
  public static final int P1_READ_KEY = 0x01;

  /** P1 of a query: READ GROUP. */
  public static final int P1_READ_GROUP = 0x02;

  /** P1 of a query: READ PUBLIC KEY. */
  public static final int P1_READ_PUBLIC_KEY = 0x03;

  /** P1 of a query: READ STORE. */
  public static final int P1_READ_STORE = 0x04;

  /** P1 of a query: READ REFUSAL. */
  public static final int P1_READ_REFUSAL = 0x05;

  /** P1 of a query: TELL TIME. */
  public static final int P1_TELL_TIME = 0x06;

  /** P1 of a query: CONFIRM. */
  public static final int P1_CONFIRM = 0x07;

  /** GENERATE, IMPORT, IMPORT WRAPPED. */
  public static final int INS_MAKE_KEY = 0x42;

  /** P1 of INS_MAKE_KEY: GENERATE. */
  public static final int P1_GENERATE = 0x00;

  /** P1 of INS_MAKE_KEY: IMPORT. */
  public static final int P1_IMPORT = 0x01;

  /** P1 of INS_MAKE_KEY: IMPORT WRAPPED. */
  public static final int P1_IMPORT_WRAPPED = 0x02;

  /** Changes of keys and of the floor. */
  public static final int INS_CHANGE_KEY = 0x44;

  /** P1 of INS_CHANGE_KEY: SET STATE. */
  public static final int P1_SET_STATE = 0x00;

  /** P1 of INS_CHANGE_KEY: SCHEDULE DESTRUCTION. */
  public static final int P1_SCHEDULE_DESTRUCTION = 0x01;

  /** P1 of INS_CHANGE_KEY: CANCEL DESTRUCTION. */
  public static final int P1_CANCEL_DESTRUCTION = 0x02;

  /** P1 of INS_CHANGE_KEY: SHORTEN. */
  public static final int P1_SHORTEN = 0x03;

  /** P1 of INS_CHANGE_KEY: REMOVE KEY. */
  public static final int P1_REMOVE_KEY = 0x04;

  /** P1 of INS_CHANGE_KEY: SET FLOOR. */
  public static final int P1_SET_FLOOR = 0x05;

  /** PUT GROUP, REMOVE GROUP. */
  public static final int INS_GROUP = 0x46;

  /** P1 of INS_GROUP: PUT GROUP. */
  public static final int P1_PUT_GROUP = 0x00;

  /** P1 of INS_GROUP: REMOVE GROUP. */
  public static final int P1_REMOVE_GROUP = 0x01;

  /** ISSUE ORDER. */
  public static final int INS_ISSUE_ORDER = 0x48;

  /** APPLY ORDER. */
  public static final int INS_APPLY_ORDER = 0x4A;

  /** ORDER POSITION. */
  public static final int INS_ORDER_POSITION = 0x4C;

  /** CERTIFY, SIGN ANCHOR. */
  public static final int INS_CERTIFY = 0x4E;

  /** P1 of INS_CERTIFY: CERTIFY. */
  public static final int P1_CERTIFY = 0x00;

  /** P1 of INS_CERTIFY: SIGN ANCHOR. */
  public static final int P1_SIGN_ANCHOR = 0x01;

  /** ENCRYPT, DECRYPT. */
  public static final int INS_CIPHER = 0xB2;

  /** P1 of INS_CIPHER: ENCRYPT. */
  public static final int P1_ENCRYPT = 0x00;

  /** P1 of INS_CIPHER: DECRYPT. */
  public static final int P1_DECRYPT = 0x01;

  /** MAKE MAC, VERIFY MAC. */
  public static final int INS_MAC = 0xB4;

  /** P1 of INS_MAC: MAKE MAC. */
  public static final int P1_MAKE_MAC = 0x00;

  /** P1 of INS_MAC: VERIFY MAC. */
  public static final int P1_VERIFY_MAC = 0x01;

  /** SIGN, AGREE. */
  public static final int INS_PRIVATE_KEY = 0xB6;

  /** P1 of INS_PRIVATE_KEY: SIGN. */
  public static final int P1_SIGN = 0x00;

  /** P1 of INS_PRIVATE_KEY: AGREE. */
  public static final int P1_AGREE = 0x01;

  /** WRAP, UNWRAP, NEW DATA KEY, OPEN DATA KEY. */
  public static final int INS_WRAPPING = 0xB8;

  /** P1 of INS_WRAPPING: WRAP. */
  public static final int P1_WRAP = 0x00;

  /** P1 of INS_WRAPPING: UNWRAP. */
  public static final int P1_UNWRAP = 0x01;

  /** P1 of INS_WRAPPING: NEW DATA KEY. */
  public static final int P1_NEW_DATA_KEY = 0x02;

  /** P1 of INS_WRAPPING: OPEN DATA KEY. */
  public static final int P1_OPEN_DATA_KEY = 0x03;

  /** REWRAP. */
  public static final int INS_REWRAP = 0xBA;

  /** P1 of INS_REWRAP: a text. */
  public static final int P1_REWRAP_TEXT = 0x01;

  /** P1 of INS_REWRAP: a data key. */
  public static final int P1_REWRAP_DATA_KEY = 0x02;

  /** P1 of INS_REWRAP: a file key. */
  public static final int P1_REWRAP_FILE_KEY = 0x03;

  /** BATCH; its P1 is the instruction of its items, its P2 their P1. */
  public static final int INS_BATCH = 0xBC;

  /** P2 of a text: all of it. */
  public static final int P2_WHOLE = 0x00;

  /** P2 of a text: its first part. */
  public static final int P2_FIRST = 0x01;

  /** P2 of a text: another part. */
  public static final int P2_NEXT = 0x02;

  /** P2 of a text: its last part. */
  public static final int P2_LAST = 0x03;

  /** Length of the IV that stands before a ciphertext, in bytes. */
  public static final int IV_LENGTH = 12;

  /** Length of the tag that stands behind a ciphertext, in bytes. */
  public static final int TAG_LENGTH = 16;

  /** Length of an acknowledgement in bytes: SHA-256 of the reason in words. */
  public static final int ACKNOWLEDGEMENT_LENGTH = 32;

  /** Least bytes of a MAC to verify. */
  public static final int MIN_MAC_LENGTH = 16;

  /** Most bytes of a MAC. */
  public static final int MAX_MAC_LENGTH = 64;

  /** Most bytes of a signature: R | S on P-384. */
  public static final int MAX_SIGNATURE_LENGTH = 96;

  /** Most bytes of an agreed secret: X on P-384. */
  public static final int MAX_AGREED_LENGTH = 48;

  /** Least bytes of a challenge, of CONFIRM and of ORDER POSITION. */
  public static final int MIN_CHALLENGE = 16;

  /** Most bytes of a challenge. */
  public static final int MAX_CHALLENGE = 64;

  private KeyStoreProtocol() {}
}
