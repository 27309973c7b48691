import json

print(json.dumps({'ready': True}))
