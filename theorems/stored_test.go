package theorems_test

import (
	"flag"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/theorems"
	"contrastcheck/theorems/proofs"
)

var update = flag.Bool("update", false, "prove the stored counterexamples anew and write their certificates")

// Every stored counterexample to equality in at most two Fisher dimensions carries a
// certificate, which proves that very case refutes the claim.
func TestStoredCertificates(t *testing.T) {
	var proved atomic.Int32
	t.Run("all", func(t *testing.T) {
		for _, claim := range theorems.All() {
			for _, s := range theorems.Stored(claim.ID) {
				if claim.Prove == nil {
					continue
				}
				t.Run(s.Name, func(t *testing.T) {
					t.Parallel()
					if *update {
						prove(t, claim, s)
					}
					if s.Certificate == nil {
						t.Fatal("no certificate; go test ./theorems -run StoredCertificates -update makes one")
					}
					theorem, err := proofs.Check(*s.Certificate, 1)
					if err != nil || theorem.Verdict != oracle.Refuted || s.Certificate.Claim != claim.ID {
						t.Fatalf("the certificate proves %v of %q, %v", theorem.Verdict, s.Certificate.Claim, err)
					}
					if got, want := s.Certificate.Pairs.GoString(), s.Case.Pairs.GoString(); got != want {
						t.Errorf("the certificate is about %s, the case is %s", got, want)
					}
					proved.Add(1)
				})
			}
		}
	})
	if n := proved.Load(); n < 15 && !t.Failed() {
		t.Errorf("only %d counterexamples are proved", n)
	}
}

// prove writes the counterexample anew, with a certificate.
func prove(t *testing.T, claim theorems.Claim, s theorems.StoredCase) {
	certificate, err := claim.Prove(s.Case)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join("testdata/counterexamples", s.Name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := certificate.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
