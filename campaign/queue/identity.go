package queue

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// Identity is what results depend on besides the request: two programs of one Identity print the same bytes.
type Identity struct {
	Version      string `json:"version"`      // of the program
	Program      string `json:"program"`      // its revision, or a digest of the executable where that does not say it all
	Architecture string `json:"architecture"` // such as amd64
	Go           string `json:"go"`           // the compiler
	Arithmetic   string `json:"arithmetic"`   // digest of what functions return whose last digits processors of one architecture differ in
}

// String is an identity as people want to read it.
func (i Identity) String() string {
	return fmt.Sprintf("%s %s, %s, %s, arithmetic %s", i.Version, i.Program, i.Architecture, i.Go, i.Arithmetic)
}

// token is the identity as part of a subject, which workers of another one do not listen to.
func (i Identity) token() string {
	text, err := json.Marshal(i)
	if err != nil {
		panic("campaign: an identity cannot be written: " + err.Error()) // strings always can
	}
	sum := sha256.Sum256(text)
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
}

// Self is the identity of this program.
var Self = sync.OnceValue(func() Identity {
	i := Identity{Version: "unversioned", Architecture: runtime.GOARCH, Go: runtime.Version(), Arithmetic: arithmetic()}
	revision, modified := "", true
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			i.Version = v
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value
			case "vcs.modified":
				modified = s.Value == "true"
			}
		}
	}
	i.Program = revision
	if revision == "" || modified {
		i.Program = executable()
	}
	return i
})

// executable is a digest of the program's own file: two builds that differ anywhere are two programs.
func executable() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	f, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// arithmetic is a digest of elementary functions: some processors have fused instructions for them that others have not.
func arithmetic() string {
	h := sha256.New()
	var b [8]byte
	for n := range 4096 {
		x := (float64(n) - 2047.5) / 61
		for _, f := range []func(float64) float64{math.Exp, math.Expm1, math.Sin, math.Tanh, math.Erf, math.Erfc, math.Cbrt, positive(math.Log), positive(math.Log1p), positive(math.Sqrt), positive(math.Gamma)} {
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(f(x)))
			h.Write(b[:])
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

func positive(f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 { return f(math.Abs(x)) }
}
