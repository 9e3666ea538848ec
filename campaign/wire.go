package campaign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems"
)

// rational is written as a fraction in lowest terms.
type rational struct{ *big.Rat }

// MarshalJSON writes the number; null, which UnmarshalJSON refuses, for one that is missing in what was sent.
func (x rational) MarshalJSON() ([]byte, error) {
	if x.Rat == nil {
		return []byte("null"), nil
	}
	return []byte(`"` + x.RatString() + `"`), nil
}

// UnmarshalJSON reads it.
func (x *rational) UnmarshalJSON(text []byte) (err error) { // never null, which is a nil pointer
	x.Rat, err = gmm.ParseNumber(string(bytes.Trim(text, `"`)))
	return err
}

// exactly is a pointer to the number, nil for nil.
func exactly(x *big.Rat) *rational {
	if x == nil {
		return nil
	}
	return &rational{x}
}

// number is the rational, nil for nil.
func (x *rational) number() *big.Rat {
	if x == nil {
		return nil
	}
	return x.Rat
}

// decode reads one JSON value that has no keys but those known, and nothing after it.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("expected one JSON value, found more")
	}
	return nil
}

// encode writes a value in one line.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic("campaign: " + err.Error()) // results hold nothing that can't be written
	}
	return text
}

// digest tells requests of a kind apart.
func digest(request any) string {
	const enough = 16 // digits
	sum := sha256.Sum256(encode(request))
	return hex.EncodeToString(sum[:])[:enough]
}

// read decodes the result of a shard, which must be as encode writes it; an ErrFalse where it is not.
func read[R any](n int, text []byte) (result R, err error) {
	if err := decode(text, &result); err != nil {
		return result, &False{n, "a result", fmt.Sprintf("%.80q: %v", text, err)}
	}
	if canonical := encode(result); !bytes.Equal(canonical, text) {
		return result, &False{n, fmt.Sprintf("a result as this program writes it, %.80q", canonical), fmt.Sprintf("%.80q", text)}
	}
	return result, nil
}

// outcome is a theorems.Outcome.
type outcome struct {
	Verdict     int             `json:"verdict"`
	Grade       int             `json:"grade"`
	Value       gmm.Float       `json:"value"`
	Bound       gmm.Float       `json:"bound"`
	Detail      string          `json:"detail"`
	Certificate json.RawMessage `json:"certificate,omitempty"` // the mixture file with it
}

func newOutcome(o theorems.Outcome) outcome {
	return outcome{int(o.Verdict), int(o.Grade), gmm.Float(o.Value), gmm.Float(o.Bound), o.Detail, newCertificate(o.Certificate)}
}

// newCertificate is a certificate as it is written to a file; nothing for nil.
func newCertificate(c *proof.Certificate) json.RawMessage {
	if c == nil {
		return nil
	}
	var text bytes.Buffer
	c.Write(&text) // a buffer takes everything
	return bytes.TrimSpace(text.Bytes())
}

// certificate is the one that is written; nil for nothing.
func certificate(text json.RawMessage) (*proof.Certificate, error) {
	if text == nil {
		return nil, nil
	}
	c, err := proof.Read("a result", bytes.NewReader(text))
	return &c, err
}

// theorem is the outcome.
func (o outcome) theorem() (theorems.Outcome, error) {
	out := theorems.Outcome{Verdict: oracle.Verdict(o.Verdict), Grade: oracle.Grade(o.Grade), Value: float64(o.Value), Bound: float64(o.Bound), Detail: oneLine(o.Detail)}
	if out.Verdict < oracle.Undecided || out.Verdict > oracle.Refuted || out.Grade < oracle.Estimated || out.Grade > oracle.Proved {
		return out, fmt.Errorf("expected a verdict and a grade, found %d and %d", o.Verdict, o.Grade)
	}
	var err error
	out.Certificate, err = certificate(o.Certificate)
	return out, err
}

// oneLine is a text for people, which somebody sent, without what a terminal obeys.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return ' '
		}
		return r
	}, text)
}

// awaited is what work comes to, or the error of ctx as soon as that ends.
func awaited[R any](ctx context.Context, work func() R) (R, error) {
	return workers.Await(ctx, func() (R, error) { return work(), nil })
}
