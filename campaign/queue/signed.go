package queue

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"

	"github.com/nats-io/nats.go"
)

// Headers of a result.
const (
	headerWorker    = "Worker"    // its name, for people
	headerKey       = "Key"       // its public key, which it is known by
	headerSignature = "Signature" // of subject and body: no worker can lay its lies at another's door
	headerDelivery  = "Delivery"  // how often the shard had been handed out
	headerLarge     = "Large"     // 1 where the body is a digest, of what the object store has under it
)

// signer is what a worker signs with. Its key lasts as long as the worker.
type signer struct {
	name string
	key  ed25519.PrivateKey
}

func newSigner() (signer, error) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return signer{}, fmt.Errorf("campaign: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return signer{fmt.Sprintf("%.40s/%d/%s", host, os.Getpid(), fingerprint(public)), key}, nil
}

// fingerprint is enough of a key to tell workers apart.
func fingerprint(key ed25519.PublicKey) string { return hex.EncodeToString(key[:4]) }

// sign makes the message of a result.
func (s signer) sign(subject string, body []byte, delivery uint64) *nats.Msg {
	m := nats.NewMsg(subject)
	m.Data = body
	m.Header.Set(headerWorker, s.name)
	m.Header.Set(headerKey, base64.StdEncoding.EncodeToString(s.key.Public().(ed25519.PublicKey)))
	m.Header.Set(headerSignature, base64.StdEncoding.EncodeToString(ed25519.Sign(s.key, signedText(subject, body))))
	m.Header.Set(headerDelivery, strconv.FormatUint(delivery, 10))
	return m
}

// signedText is what is signed of a message.
func signedText(subject string, body []byte) []byte {
	digest := sha256.Sum256(body)
	return append([]byte(subject+"\n"), digest[:]...)
}

// signedBy returns who signed a message. Its name has the fingerprint of the key, whatever name the message gives.
func signedBy(subject string, header nats.Header, body []byte) (key [ed25519.PublicKeySize]byte, name string, ok bool) {
	public, err := base64.StdEncoding.DecodeString(header.Get(headerKey))
	signature, err2 := base64.StdEncoding.DecodeString(header.Get(headerSignature))
	if err != nil || err2 != nil || len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, signedText(subject, body), signature) {
		return key, "", false
	}
	copy(key[:], public)
	name = printable(header.Get(headerWorker))
	if mark := fingerprint(public); len(name) < len(mark) || name[len(name)-len(mark):] != mark {
		name += "/" + mark
	}
	return key, name, true
}

// printable is a name that somebody sent as it can be shown on a terminal.
func printable(name string) string {
	clean := []byte(name[:min(len(name), 80)])
	for i, b := range clean {
		if b <= ' ' || b > '~' {
			clean[i] = '?'
		}
	}
	return string(clean)
}
