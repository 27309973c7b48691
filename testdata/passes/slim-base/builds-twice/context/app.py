import flask
flask.Flask("x").run()
