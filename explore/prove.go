package explore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"contrastcheck/internal/answer"
	"contrastcheck/internal/words"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// proven is the answer of contrastcheck prove and recheck, with what they say first, and the certificate.
type proven struct {
	Text string `json:"text"`
	answer.Proof
	Certificate json.RawMessage `json:"certificate,omitempty"`
}

// prove looks for a proof that equality holds or fails, of own covariances containment, and has it checked.
func prove(_ context.Context, body []byte, _ func(any)) (any, error) {
	a, err := read(body)
	if err != nil {
		return nil, err
	}
	s := a.loss.Settings
	loss, err := proof.Named(proof.Words{Loss: s.Loss, Score: s.Score, Negatives: s.Negatives, Bias: s.Bias, Map: s.Map})
	if err != nil {
		return nil, err
	}
	if !proof.OfContainment(loss, a.Pairs) && loss.Admit(a.Pairs) != nil {
		return nil, refusef("expected %s, found %s", loss.Model(), a.Pairs.Model())
	}
	start := time.Now()
	certificate, err := proofs.Prove(loss, a.Pairs, proving)
	var theorem proof.Theorem
	if err == nil {
		theorem, err = proofs.Check(certificate, proving)
	}
	report := answer.NewProof(loss, a.Pairs, certificate.Claim, theorem)
	report.Seconds = time.Since(start).Seconds()
	switch {
	case errors.Is(err, proof.ErrNotProved):
		report.Reason = words.Sentence(err)
		return proven{"not proved: " + strings.TrimPrefix(report.Reason, "not proved: "), report, nil}, nil
	case err != nil:
		return nil, err
	}
	var file bytes.Buffer
	if err := certificate.Write(&file); err != nil {
		return nil, err
	}
	return proven{"proved: " + report.Result(), report, bytes.TrimSpace(file.Bytes())}, nil
}

// proving is the limit on a proof here.
const proving proof.Limit = 1

// recheck verifies a certificate from the definition.
func recheck(_ context.Context, body []byte, _ func(any)) (any, error) {
	certificate, err := proving.Read("certificate", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	start := time.Now()
	theorem, err := proofs.Check(certificate, proving)
	if err != nil {
		return nil, fmt.Errorf("the certificate is refused: %w", err)
	}
	report := answer.Checked(certificate, theorem)
	report.Seconds = time.Since(start).Seconds()
	return proven{Text: "proved: " + report.Result(), Proof: report}, nil
}
