//go:build attack

package queue

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// With the permissions of the document, a worker can do its work, small and large, and nothing else: it can neither delete nor forge campaigns.
func TestPermissions(t *testing.T) {
	text, err := os.ReadFile("../../docs/campaigns.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```conf\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatal("the document has no configuration")
	}
	config := filepath.Join(t.TempDir(), "server.conf")
	if err := os.WriteFile(config, bytes.Replace(block[1], []byte(`store_dir: "/var/lib/nats", `), nil, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer(t, "-c", config)
	as := func(user string) string { return strings.Replace(s.url, "nats://", "nats://"+user+"@", 1) }
	c := connect(t, as("submitter:change-me"), testOptions())
	worker := connect(t, as("worker:change-me-too"), testOptions())
	help(t, worker, 2)
	for _, j := range []toy{{N: 40, Millis: 1, Salt: "permitted"}, {N: 3, Large: 2 << 20, Salt: "permitted"}} {
		r := submit(t, c, j, 1)
		report := gathered(t, c, r, j, j, Collecting{Workers: 1})
		if report.Redone > 0 {
			t.Errorf("%d done again here", report.Redone)
		}
		for name, forbidden := range map[string]func(context.Context) error{
			"cancel":  func(ctx context.Context) error { return worker.Cancel(ctx, r.ID) },
			"clear":   worker.Clear,
			"record":  func(ctx context.Context) error { return worker.put(ctx, r) },
			"prepare": func(ctx context.Context) error { return worker.prepare(ctx, r) },
			"purge":   func(ctx context.Context) error { return worker.js.DeleteStream(ctx, resultsStream(r.ID)) },
		} {
			ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
			if err := forbidden(ctx); err == nil && name != "clear" { // which does nothing while there are campaigns
				t.Errorf("a worker may %s", name)
			}
			stop()
		}
		if _, err := c.Show(t.Context(), r.ID); err != nil {
			t.Error(err)
		}
		if results, _, err := c.Answered(t.Context(), r.ID); err != nil || results != j.N {
			t.Errorf("%d results are left, %v", results, err)
		}
	}
}

// certificates writes an authority, and a certificate and key of it for server and client.
func certificates(t *testing.T) (authority, certificate, key string) {
	t.Helper()
	folder := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	make := func(serial int64, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, []byte) {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: fmt.Sprint(serial)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: parent == nil, BasicConstraintsValid: true,
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
		if parent == nil {
			parent, by = c, private
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &private.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		return c, private, der
	}
	root, signing, der := make(1, nil, nil)
	authority = write("ca.pem", "CERTIFICATE", der)
	_, private, der := make(2, root, signing)
	certificate = write("cert.pem", "CERTIFICATE", der)
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return authority, certificate, write("key.pem", "PRIVATE KEY", text)
}

// A server that wants certificates gets them, by flags and by a NATS context; without them it is not reached.
func TestTLS(t *testing.T) {
	authority, certificate, key := certificates(t)
	s := newServer(t, "-js", "--tlsverify", "--tlscacert", authority, "--tlscert", certificate, "--tlskey", key)
	a := Address{URL: strings.Replace(s.url, "nats:", "tls:", 1), Authority: authority, Certificate: certificate, Key: key}
	var err error
	for range 50 {
		var c *Connection
		if c, err = Connect(t.Context(), a, Options{}); err == nil {
			c.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, lacking := range []Address{{URL: a.URL}, {URL: a.URL, Authority: authority}} {
		if _, err := Connect(t.Context(), lacking, Options{}); err == nil {
			t.Errorf("%+v connects", lacking)
		}
	}
	folder := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", folder)
	if err := os.MkdirAll(filepath.Join(folder, "nats", "context"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`{"description": "test", "url": %q, "ca": %q, "cert": %q, "key": %q}`, a.URL, authority, certificate, key)
	if err := os.WriteFile(filepath.Join(folder, "nats", "context", "campaigns.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Connect(t.Context(), Address{URL: "campaigns"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
