package train

import "crypto/sha256"

// HeldBack says whether the case with this key (its pair, else its id) belongs
// to the fifth that no rule and no model is made from.
func HeldBack(key string) bool {
	sum := sha256.Sum256([]byte(key))
	return sum[0]%5 == 0
}
