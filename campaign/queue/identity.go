package queue

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"contrastcheck/campaign"
)

// Identity is what results depend on besides the request: two programs of one Identity print the same bytes.
type Identity struct {
	Version string `json:"version"` // of the program
	Program string `json:"program"` // its revision, or a digest of the executable where that does not say it all
	Go      string `json:"go"`      // the compiler
	Digits  string `json:"digits"`  // the architecture and its arithmetic: campaign.Digits
}

// String is an identity as people want to read it.
func (i Identity) String() string {
	return fmt.Sprintf("%s %s, %s, arithmetic %s", i.Version, i.Program, i.Go, i.Digits)
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
	i := Identity{Version: "unversioned", Go: runtime.Version(), Digits: campaign.Digits()}
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
