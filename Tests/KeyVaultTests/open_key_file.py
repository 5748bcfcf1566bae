"""Opens a protected key file by what its documentation says of it, with
nothing of payg: Python's scrypt and HMAC, and AES-256-GCM written out from
FIPS 197 and NIST SP 800-38D. Prints the master key in hexadecimal.

    open_key_file.py FILE PASSPHRASE
"""
import hashlib
import hmac
import sys


def table():
    def double(x):
        return (x << 1) ^ (0x11B if x & 0x80 else 0)

    power, logarithm, x = [0] * 255, [0] * 256, 1
    for i in range(255):
        power[i], logarithm[x] = x, i
        x ^= double(x)
    box = [0x63]
    for x in range(1, 256):
        inverse = power[(255 - logarithm[x]) % 255]
        value = inverse
        for shift in range(1, 5):
            value ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box.append(value ^ 0x63)
    return box


BOX = table()


def aes256(key, block):
    words = [key[i : i + 4] for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 60):
        word = words[-1]
        if i % 8 == 0:
            word = bytes(BOX[b] for b in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant <<= 1
        elif i % 8 == 4:
            word = bytes(BOX[b] for b in word)
        words.append(bytes(a ^ b for a, b in zip(word, words[i - 8])))
    keys = [b"".join(words[i : i + 4]) for i in range(0, 60, 4)]
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number in range(1, 15):
        state = [BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < 14:
            mixed = []
            for column in range(0, 16, 4):
                a = state[column : column + 4]
                for i in range(4):
                    b, c = a[i], a[(i + 1) % 4]
                    doubled = lambda x: ((x << 1) ^ (0x11B if x & 0x80 else 0)) & 0xFF
                    mixed.append(doubled(b) ^ doubled(c) ^ c ^ a[(i + 2) % 4] ^ a[(i + 3) % 4])
            state = mixed
        state = [a ^ b for a, b in zip(state, keys[number])]
    return bytes(state)


def gcm_open(key, nonce, associated, encrypted, tag):
    h = int.from_bytes(aes256(key, bytes(16)), "big")

    def times(x, y):
        product = 0
        for i in range(127, -1, -1):
            if x >> i & 1:
                product ^= y
            y = (y >> 1) ^ (0xE1 << 120 if y & 1 else 0)
        return product

    def padded(data):
        return data + bytes(-len(data) % 16)

    lengths = (8 * len(associated)).to_bytes(8, "big") + (8 * len(encrypted)).to_bytes(8, "big")
    data, hash_ = padded(associated) + padded(encrypted) + lengths, 0
    for i in range(0, len(data), 16):
        hash_ = times(hash_ ^ int.from_bytes(data[i : i + 16], "big"), h)
    first = aes256(key, nonce + (1).to_bytes(4, "big"))
    made = bytes(a ^ b for a, b in zip(hash_.to_bytes(16, "big"), first))
    if not hmac.compare_digest(made, tag):
        sys.exit("the tag is wrong")
    stream = b"".join(aes256(key, nonce + (2 + i).to_bytes(4, "big")) for i in range(-(-len(encrypted) // 16)))
    return bytes(a ^ b for a, b in zip(encrypted, stream))


file, passphrase = open(sys.argv[1], "rb").read(), sys.argv[2].encode()
assert len(file) == 112 and file[:8] == b"PAYGKEY\x01" and file[8] == 1
assert hashlib.sha256(file[:104]).digest()[:8] == file[104:]
n, r, p = 1 << file[9], file[10], file[11]
key = hashlib.scrypt(passphrase, salt=file[12:28], n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)
master = gcm_open(key, file[44:56], file[:56], file[56:88], file[88:104])


def hkdf(key, info, count):
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:count]


assert hkdf(master, b"payg 1 key id", 16) == file[28:44]
print(master.hex())
